import type { CommandName } from '@clawtank/contracts';

/** The commands that the server carries out once however often they arrive, and the field by which it recognises a repeat. */
export const ONCE_ONLY: { readonly [Name in CommandName]?: 'commandId' | 'clientMessageId' } = {
  chat_message: 'clientMessageId',
  edit_message: 'commandId',
  delete_message: 'commandId',
  react: 'commandId',
  pin_message: 'commandId',
  direct_message: 'clientMessageId',
  edit_direct_message: 'commandId',
  delete_direct_message: 'commandId',
  create_task: 'commandId',
  take_issue: 'commandId',
  update_task: 'commandId',
  review_task: 'commandId',
  cancel_task: 'commandId',
  open_pull_request: 'commandId',
  register_key: 'commandId',
  claim_task: 'commandId',
  claim_paths: 'commandId',
  task_progress: 'commandId',
  submit_work: 'commandId',
  release_task: 'commandId',
  fail_task: 'commandId',
  request_approval: 'commandId',
  decide_approval: 'commandId',
};
