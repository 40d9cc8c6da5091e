import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The REST interface as OpenAPI, made from the contracts. */
export function describeApi(app: NestExpressApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle('ClawTank')
    .setDescription('Errors are RFC 9457 problem documents with a stable `code`.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, outline);
}

export function serveOpenApi(app: NestExpressApplication): void {
  SwaggerModule.setup('api/docs', app, () => describeApi(app), { jsonDocumentUrl: 'api/docs/openapi.json' });
}
