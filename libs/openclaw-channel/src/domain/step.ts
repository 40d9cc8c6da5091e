import type { StepToApprove } from '@clawtank/agent-sdk';
import { shortened } from '@clawtank/agent-work';
import type { ApprovalView } from 'openclaw/plugin-sdk/approval-handler-runtime';

/** Where it is not said what is asked. */
const NAMELESS = 'A step that OpenClaw does not take without leave';
/** What marks the steps that OpenClaw asks leave for; the agent itself asks for others. */
const OWN = 'openclaw:';
const MAX_TITLE = 200;
const MAX_DETAIL = 4000;

/** What OpenClaw asks leave for, as a room shows it. The same request is the same step, however often it is told. */
export function stepOf(requestId: string, view: ApprovalView): StepToApprove {
  const { commandText, cwd, description, warningText } = view;
  const [command = ''] = (commandText ?? '').trim().split('\n', 1);
  const title = command === '' ? view.title : `Run ${command}`;
  const detail = [commandText, cwd && `in ${cwd}`, description, warningText && `OpenClaw warns: ${warningText}`].filter(
    Boolean,
  );
  return {
    approvalId: `${OWN}${requestId.replace(/[^\w.:-]/g, '_')}`.slice(0, 100),
    kind: commandText === undefined ? 'other' : 'execute',
    title: shortened(wellFormed(title) || NAMELESS, MAX_TITLE),
    detail: shortened(wellFormed(detail.join('\n\n')), MAX_DETAIL),
  };
}

/** Whether it was OpenClaw that asked for it, and not the agent. */
export const isOfOpenClaw = ({ approvalId }: Pick<StepToApprove, 'approvalId'>): boolean => approvalId.startsWith(OWN);

const wellFormed = (text: string): string => text.replaceAll('\0', '').toWellFormed().trim();
