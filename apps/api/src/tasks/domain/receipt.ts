import type { ReceiptStep, TaskReceipt } from '@clawtank/contracts';

const STEPS = ['deliveredAt', 'acknowledgedAt', 'wokenAt'] as const;
const FIELD_OF: { readonly [Step in ReceiptStep]: (typeof STEPS)[number] } = {
  delivered: 'deliveredAt',
  acknowledged: 'acknowledgedAt',
  woken: 'wokenAt',
};

/** An offer of which nothing was heard yet. */
export const newOffer = (at: string): TaskReceipt => ({
  offeredAt: at,
  deliveredAt: null,
  acknowledgedAt: null,
  wokenAt: null,
});

/** The receipt with a step, and with those before it; the same one if nothing is new. */
export function confirmed(receipt: TaskReceipt, step: ReceiptStep, at: string): TaskReceipt {
  const reached = STEPS.slice(0, STEPS.indexOf(FIELD_OF[step]) + 1);
  const missing = reached.filter((field) => receipt[field] === null);
  return missing.length === 0 ? receipt : { ...receipt, ...Object.fromEntries(missing.map((field) => [field, at])) };
}
