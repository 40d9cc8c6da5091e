// Jest ignores `testTimeout` in the settings of a project, so each project names its own and this file applies it.
import { jest } from '@jest/globals';

jest.setTimeout(globalThis.testTimeoutMs);
