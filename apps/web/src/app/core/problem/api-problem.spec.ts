import { HttpErrorResponse } from '@angular/common/http';
import { toApiProblem } from './api-problem';

describe('a failed request', () => {
  it('keeps the words, the code and the fields of the server’s problem', () => {
    const problem = toApiProblem(
      new HttpErrorResponse({
        status: 400,
        error: {
          type: 'about:blank',
          title: 'Check the form',
          status: 400,
          code: 'invalid_input',
          detail: 'Two fields are wrong.',
          errors: [{ path: 'settings.maxMembers', message: 'Use at most 20' }],
        },
      }),
    );
    expect(problem).toMatchObject({
      code: 'invalid_input',
      detail: 'Two fields are wrong.',
      fields: [{ path: 'settings.maxMembers', message: 'Use at most 20' }],
    });
  });

  it('is called offline if nothing answered', () => {
    expect(toApiProblem(new HttpErrorResponse({ status: 0 })).code).toBe('offline');
  });

  it.each([['<html>Bad gateway</html>'], [null], [{ message: 'x' }]])(
    'does not repeat what something else than the server says (%p)',
    (error) => {
      expect(toApiProblem(new HttpErrorResponse({ status: 502, error }))).toMatchObject({
        code: 'unexpected_answer',
        status: 502,
      });
    },
  );
});
