import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  type ApplicationConfig,
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
} from '@angular/core';
import {
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
  withRouterConfig,
} from '@angular/router';
import { routes } from './app.routes';
import { LostPages } from './core/lost-pages';
import { PageTitle } from './core/page-title';
import { problemInterceptor } from './core/problem/problem.interceptor';
import { Session } from './core/session/session';
import { sessionInterceptor } from './core/session/session.interceptor';
import { DirectOutbox } from './direct/direct-outbox';
import { Outbox } from './room/state/outbox';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    provideHttpClient(withInterceptors([problemInterceptor, sessionInterceptor])),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
      withRouterConfig({ paramsInheritanceStrategy: 'always' }),
      withNavigationErrorHandler((failed) => void inject(LostPages).recover(failed)),
    ),
    { provide: TitleStrategy, useExisting: PageTitle },
    // Not awaited: public pages need not wait to know who is here; those that do have a guard.
    provideAppInitializer(() => void inject(Session).start()),
    provideAppInitializer(() => inject(LostPages).watch()),
    // What was said before the page was closed goes out wherever the reader comes back.
    provideAppInitializer(() => void [inject(Outbox), inject(DirectOutbox)]),
  ],
};
