export { type ParsedCommit, parseCommit, verifyCommit, withSignature } from './commit.js';
export { generateKeyPair, parsePrivateKey, type PrivateKey } from './private-key.js';
export { parsePublicKey, type PublicKey } from './public-key.js';
export { GIT_NAMESPACE, type SignatureVerdict, signPayload, verifySignature } from './ssh-signature.js';
