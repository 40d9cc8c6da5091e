import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';

export interface MarkedMethod<Mark> {
  readonly mark: Mark;
  readonly owner: string;
  readonly call: (...args: readonly unknown[]) => unknown;
}

/** Finds the methods that features marked by a decorator, so that listeners, jobs and commands register themselves. */
@Injectable()
export class DiscoveredMethods {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  markedBy<Mark>(metadataKey: string): MarkedMethod<Mark>[] {
    return this.discovery.getProviders().flatMap(({ instance }: { instance?: unknown }) => {
      if (typeof instance !== 'object' || instance === null) {
        return [];
      }
      const prototype = Object.getPrototypeOf(instance) as Record<
        string,
        (...args: readonly unknown[]) => unknown
      > | null;
      if (!prototype) {
        return [];
      }
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const method = prototype[name];
        const mark = method && this.reflector.get<Mark | undefined>(metadataKey, method);
        return method && mark !== undefined
          ? [{ mark, owner: `${prototype.constructor.name}.${name}`, call: method.bind(instance) }]
          : [];
      });
    });
  }
}
