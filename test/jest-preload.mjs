// CommonJS packages that require() the ES modules of Nest fail in Jest while the graph of ES modules is still being linked
// ("Cannot require() ES Module in a cycle"). Loading Nest before the test file avoids it.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
