/** The two programs a git client may talk to: one hands objects out, the other takes them in. */
export type GitService = 'git-upload-pack' | 'git-receive-pack';

/** What a request to a repository's address asks for. */
export type GitRequest =
  | { readonly kind: 'advertise'; readonly service: GitService }
  | { readonly kind: 'exchange'; readonly service: GitService }
  /** The file-by-file protocol of git before 1.6.6, which is not served. */
  | { readonly kind: 'dumb_protocol' }
  | { readonly kind: 'unknown' };

/** Recognises a request by its method, the path below the repository (`/info/refs`) and `?service=`. */
export function recogniseGitRequest(method: string, path: string, service?: string): GitRequest {
  if (method === 'GET' && path === '/info/refs') {
    return isGitService(service) ? { kind: 'advertise', service } : { kind: 'dumb_protocol' };
  }
  if (method === 'GET' && (path === '/HEAD' || path.startsWith('/objects/'))) {
    return { kind: 'dumb_protocol' };
  }
  const name = path.slice(1);
  return method === 'POST' && isGitService(name) ? { kind: 'exchange', service: name } : { kind: 'unknown' };
}

function isGitService(name: string | undefined): name is GitService {
  return name === 'git-upload-pack' || name === 'git-receive-pack';
}
