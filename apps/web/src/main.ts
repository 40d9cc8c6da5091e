import { bootstrapApplication } from '@angular/platform-browser';
import { appConfig } from './app/app.config';
import { Frame } from './app/core/frame/frame';

// The Content-Security-Policy allows no eval. Told so before it is loaded (with the first form), zod does not even try;
// importing its config() here instead would load all of it at the start.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

bootstrapApplication(Frame, appConfig).catch((thrown: unknown) => console.error(thrown));
