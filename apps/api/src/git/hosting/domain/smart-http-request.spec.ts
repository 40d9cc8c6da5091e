import { recogniseGitRequest } from './smart-http-request.js';

describe('recogniseGitRequest', () => {
  it.each(['git-upload-pack', 'git-receive-pack'] as const)('knows the two requests for %s', (service) => {
    expect(recogniseGitRequest('GET', '/info/refs', service)).toEqual({ kind: 'advertise', service });
    expect(recogniseGitRequest('POST', `/${service}`)).toEqual({ kind: 'exchange', service });
  });

  it.each([
    ['/info/refs', undefined],
    ['/info/refs', 'git-upload-archive'],
    ['/HEAD', undefined],
    ['/objects/info/packs', undefined],
  ])('does not serve the old protocol: %s?service=%s', (path, service) => {
    expect(recogniseGitRequest('GET', path, service)).toEqual({ kind: 'dumb_protocol' });
  });

  it.each([
    ['GET', '/git-upload-pack'],
    ['POST', '/info/refs'],
    ['POST', '/git-upload-archive'],
    ['GET', '/config'],
    ['DELETE', '/git-receive-pack'],
    ['POST', ''],
  ])('knows nothing of %s %s', (method, path) => {
    expect(recogniseGitRequest(method, path, 'git-upload-pack')).toEqual({ kind: 'unknown' });
  });
});
