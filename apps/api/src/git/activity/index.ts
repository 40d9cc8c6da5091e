import { AccountDirectory } from './account-directory.service.js';
import { GitActivity } from './git-activity.service.js';
import { IssueEntity } from './issue.entity.js';
import { IssueRecorder } from './issue-recorder.service.js';
import { PullRequestRecorder } from './pull-request-recorder.service.js';
import { PullRequestSurvey } from './pull-request-survey.service.js';
import { PullRequestEntity } from './pull-request.entity.js';
import { RoomIssuesController, RoomIssuesGateway } from './room-issues.controller.js';
import { RoomIssues } from './room-issues.service.js';
import { RoomPullRequestsController } from './room-pull-requests.controller.js';
import { RoomPullRequests } from './room-pull-requests.service.js';

export { PULL_REQUEST_DETAILS, type PullRequestDetail, type PullRequestDetails } from './pull-request-details.js';

export const ACTIVITY_ENTITIES = [PullRequestEntity, IssueEntity];
export const ACTIVITY_CONTROLLERS = [RoomPullRequestsController, RoomIssuesController];
/** They need a provider of `PULL_REQUEST_DETAILS` beside them. */
export const ACTIVITY_PROVIDERS = [
  AccountDirectory,
  GitActivity,
  IssueRecorder,
  PullRequestRecorder,
  PullRequestSurvey,
  RoomIssues,
  RoomIssuesGateway,
  RoomPullRequests,
];
