import { AccountDirectory } from './account-directory.service.js';
import { GitActivity } from './git-activity.service.js';
import { PullRequestRecorder } from './pull-request-recorder.service.js';
import { PullRequestSurvey } from './pull-request-survey.service.js';
import { PullRequestEntity } from './pull-request.entity.js';
import { RoomPullRequestsController } from './room-pull-requests.controller.js';
import { RoomPullRequests } from './room-pull-requests.service.js';

export { PULL_REQUEST_DETAILS, type PullRequestDetail, type PullRequestDetails } from './pull-request-details.js';

export const ACTIVITY_ENTITIES = [PullRequestEntity];
export const ACTIVITY_CONTROLLERS = [RoomPullRequestsController];
/** They need a provider of `PULL_REQUEST_DETAILS` beside them. */
export const ACTIVITY_PROVIDERS = [
  AccountDirectory,
  GitActivity,
  PullRequestRecorder,
  PullRequestSurvey,
  RoomPullRequests,
];
