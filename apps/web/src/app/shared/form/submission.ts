import type { FieldTree, FormSubmitOptions, ValidationError } from '@angular/forms/signals';
import { type ApiProblem, toApiProblem } from '../../core/problem/api-problem';

type ServerError = ValidationError.WithOptionalFieldTree;

/**
 * How a form of ours is sent: `send` does it; what the server refuses goes to the fields it is about (by the paths in its
 * answer, or by `fieldOf` for codes that concern one field) and the rest to the form as a whole. Either way the focus goes
 * to the first field that is wrong.
 */
export function submission<T extends object>(
  send: (value: T) => Promise<void>,
  fieldOf: Partial<Record<ApiProblem['code'], keyof T & string>> = {},
): FormSubmitOptions<T, unknown> {
  return {
    action: async (form) => {
      try {
        await send(form().value());
        return undefined;
      } catch (thrown) {
        const errors = serverErrors(form, toApiProblem(thrown), fieldOf);
        errors
          .find(({ fieldTree }) => fieldTree)
          ?.fieldTree?.()
          .focusBoundControl();
        return errors;
      }
    },
    onInvalid: (form) => form().errorSummary()[0]?.fieldTree().focusBoundControl(),
  };
}

function serverErrors<T extends object>(
  form: FieldTree<T>,
  problem: ApiProblem,
  fieldOf: Partial<Record<ApiProblem['code'], keyof T & string>>,
): ServerError[] {
  const byCode = fieldOf[problem.code];
  const told = byCode && problem.fields.length === 0 ? [{ path: byCode, message: problem.detail }] : problem.fields;
  const placed = told.flatMap(({ path, message }) => {
    const fieldTree = fieldAt(form, path);
    return fieldTree ? [{ kind: 'server', message, fieldTree }] : [];
  });
  return placed.length > 0 ? placed : [{ kind: 'server', message: problem.detail }];
}

/** The field at a dotted path, or the nearest one above it; none if not even its first part is in the form. */
function fieldAt(form: FieldTree<unknown>, path: string): FieldTree<unknown> | undefined {
  let found: FieldTree<unknown> | undefined;
  let at = form as unknown as Record<string, FieldTree<unknown> | undefined>;
  for (const part of path.split('.')) {
    const next = at[part];
    if (!next) {
      break;
    }
    found = next;
    at = next as unknown as Record<string, FieldTree<unknown> | undefined>;
  }
  return found;
}
