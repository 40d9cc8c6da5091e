import { bootstrapApplication } from '@angular/platform-browser';
import { appConfig } from './app/app.config';
import { Frame } from './app/core/frame/frame';

bootstrapApplication(Frame, appConfig).catch((thrown: unknown) => console.error(thrown));
