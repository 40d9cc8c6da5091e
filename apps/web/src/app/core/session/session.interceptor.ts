import { HttpErrorResponse, type HttpInterceptorFn, type HttpRequest } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, from, switchMap, throwError } from 'rxjs';
import { Session, WITHOUT_SESSION } from './session';

/**
 * Gives requests to our own API the access token, and repeats one once with a new token when the server says that the old
 * one has run out.
 */
export const sessionInterceptor: HttpInterceptorFn = (request, next) => {
  const session = inject(Session);
  if (!request.url.startsWith('/api/') || request.context.get(WITHOUT_SESSION)) {
    return next(request);
  }
  const token = session.accessToken();
  return next(bearing(request, token)).pipe(
    catchError((thrown: unknown) => {
      if (token === null || !(thrown instanceof HttpErrorResponse) || thrown.status !== 401) {
        return throwError(() => thrown);
      }
      return from(session.renew(token)).pipe(
        switchMap(() => {
          const renewed = session.accessToken();
          return renewed === null || renewed === token ? throwError(() => thrown) : next(bearing(request, renewed));
        }),
      );
    }),
  );
};

function bearing(request: HttpRequest<unknown>, token: string | null): HttpRequest<unknown> {
  return token === null ? request : request.clone({ setHeaders: { Authorization: `Bearer ${token}` } });
}
