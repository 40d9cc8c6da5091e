import type { HttpInterceptorFn } from '@angular/common/http';
import { catchError, throwError } from 'rxjs';
import { toApiProblem } from './api-problem';

/** Turns every failed request into an ApiProblem, so that nothing after it knows about HTTP. */
export const problemInterceptor: HttpInterceptorFn = (request, next) =>
  next(request).pipe(catchError((thrown: unknown) => throwError(() => toApiProblem(thrown))));
