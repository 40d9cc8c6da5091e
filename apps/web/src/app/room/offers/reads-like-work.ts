import { wordsOnly } from '../plain-words/words-only';

/** Longer than this, people talk something over. */
const MAX_LENGTH = 320;
const MAX_SENTENCES = 4;
const MIN_WORDS = 3;

const DEEDS = [
  'add',
  'adjust',
  'automate',
  'backfill',
  'benchmark',
  'bisect',
  'build',
  'bump',
  'cache',
  'change',
  'clean(?: up)?',
  'configure',
  'convert',
  'correct',
  'cover',
  'create',
  'debug',
  'delete',
  'deploy',
  'deprecate',
  'design',
  'disable',
  'document',
  'draft',
  'drop',
  'enable',
  'escape',
  'extend',
  'extract',
  'finish',
  'fix(?: up)?',
  'handle',
  'hide',
  'hook up',
  'implement',
  'improve',
  'index',
  'install',
  'investigate',
  'limit',
  'localise',
  'localize',
  'log',
  'look into',
  'make (?:sure|the|an?|it|this|that|our|all)',
  'merge',
  'migrate',
  'move',
  'optimise',
  'optimize',
  'patch',
  'polish',
  'port',
  'prepare',
  'profile',
  'publish',
  'rebase',
  'redesign',
  'reduce',
  'refactor',
  'release',
  'remove',
  'rename',
  'replace',
  'reproduce',
  'restore',
  'revert',
  'review',
  'rewrite',
  'rotate',
  'sanitise',
  'sanitize',
  'secure',
  'set up',
  'ship',
  'shorten',
  'show',
  'simplify',
  'sort(?: out)?',
  'speed up',
  'split',
  'style',
  'support(?! (?:each|one another|you|me|us|them)\\b)',
  'swap',
  'test',
  'tidy(?: up)?',
  'track',
  'translate',
  'triage',
  'unify',
  'update',
  'upgrade',
  'validate',
  'verify',
  'wire up',
  'write',
].join('|');
const DEED = String.raw`(?:(?:also|please|just|then|really|quickly|finally|probably|definitely|at least|maybe) )*(?:${DEEDS})\b(?! (?:of|is|was|are|about it|up with)\b)\s+\S`;
const DONE_TO = String.raw`(?:fixed|updated|renamed|removed|rewritten|refactored|documented|tested|replaced|split|added|cleaned(?: up)?|migrated|upgraded|bumped|deleted|moved|translated|reverted|changed|merged|deployed|released|rotated|improved|simplified)`;
const DOING_TO = String.raw`(?:fixing|updating|renaming|rewriting|refactoring|documenting|testing|replacing|splitting|cleaning(?: up)?|migrating|upgrading|tidying|improving|translating)`;
const SOMEBODY = String.raw`(?:somebody|someone|anybody|anyone|one of (?:you|us)|some of (?:you|us)|everyone|everybody|you all)`;
const SO = String.raw`(?:(?:so|and|also|but|ok|okay|hey|hi|hi all|hey all|folks|team|all|then|next|now|well|right)[,:]? )*`;

/** Each is how people ask for something to be done without saying by whom. */
const ASKS = [
  String.raw`^${SO}(?:todo|to do|to-do|fixme|action item|next step|feature request|chore)\s*(?:[:–—-]+)\s*\S+ \S+`,
  String.raw`\b(?:could|can|would|will) ${SOMEBODY} (?:else )?${DEED}`,
  String.raw`\b(?:could|can) we (?:get ${SOMEBODY} to )?${DEED}`,
  String.raw`\b(?:we|${SOMEBODY})(?: all)?(?: still| really| also| probably| definitely)* (?:needs?|have|has|ought|want|got) to ${DEED}`,
  String.raw`\b(?:we|${SOMEBODY})(?: still| really| also| probably| definitely)* (?:should|must|gotta|had better)(?: really| also| probably)* ${DEED}`,
  String.raw`\bwe[’']d better ${DEED}`,
  String.raw`^${SO}(?:somebody|someone)(?:,)? please ${DEED}`,
  String.raw`^${SO}please,? ${DEED}`,
  String.raw`^${SO}let[’']?s ${DEED}`,
  String.raw`\b(?:needs?|has|have|ought) to be ${DONE_TO}\b`,
  String.raw`\b(?:should|must) be ${DONE_TO}\b`,
  String.raw`\bneeds? (?:some |more |a bit of |better )?${DOING_TO}\b`,
  String.raw`\bneeds? (?:(?:a|an|some|more|better|new|proper|unit|its own) )*(?:tests?|docs|documentation|fix|refactor(?:ing)?|clean-?up|rewrite|update|review|changelog entry|readme)\b`,
  String.raw`\bit would be (?:great|nice|good|lovely|helpful|cool) (?:if ${SOMEBODY} (?:could|would)|if we could|to) ${DEED}`,
  String.raw`\bi(?:[’']d| would) (?:like|love) (?:${SOMEBODY}|us) to ${DEED}`,
  String.raw`\b(?:who can|who wants to|who could|who is up to|does anyone want to|does anybody want to|anyone want to|anybody want to) ${DEED}`,
  String.raw`\b(?:anyone|anybody|who[’']s|who is) up for ${DOING_TO}\b`,
  String.raw`\b(?:any volunteers|a volunteer|volunteers) to ${DEED}`,
  String.raw`^${SO}(?:don[’']t forget|remember) to ${DEED}`,
].map((pattern) => new RegExp(pattern, 'iu'));

/** A question, a supposition, or what somebody else has said. */
const ONLY_TALKED_OF =
  /^(?:(?:so|and|but|ok|okay|hey|well|hm+|wait)[,:]? )*(?:if|when|whenever|once|unless|whether|in case|suppose|assuming|until|while|because|since|do|does|did|should|would we|is|are|was|were|has|have|had|why|what|how|where|which|who (?:said|wrote|told|fixed|broke|added))\b(?!.*\bdoes any(?:one|body) want to\b)(?! (?:anyone|anybody) want to\b)|\b(?:said|says|told|tells|asked|asks|wrote|writes|thinks|thought|claims|wondered?|wonder|used to|wish|no need|nobody needs|don[’']t think|not sure|never needs?|whether|why|how come|pretend|imagine|joking)\b/i;
/** Somebody is at it, or it is over. */
const IS_TAKEN =
  /\b(?:i[’']?m on it|on it\b|i[’']?ll (?:do|take|handle|fix|look|get|write|add|update|make|open|try)|i will (?:do|take|handle|fix|look)|i can (?:do|take|handle|fix)|i[’']?m (?:doing|fixing|working|already)|already (?:done|did|fixed|merged|being|on)|is done|all done|never ?mind|nvm|just kidding|jk|lol|haha|(?:done|fixed|merged|shipped)[.!]?$)/i;
/** Something is seldom asked of an agent that needs a body. */
const OF_THE_WORLD =
  /\b(?:lunch|dinner|coffee|beer|pizza|vacation|holiday|birthday|weekend plans|meeting room|my (?:mum|mom|dad))\b/i;

/**
 * Whether a message asks for work without saying whose: precise rather than eager, as it decides whether people are asked a question.
 * What names an agent is a task already; what names a person is theirs to answer.
 */
export function readsLikeWork(message: string): boolean {
  const isCode = message.includes('```') || /^(?: {4}|\t)\S/m.test(message) || /^\s*[>/|$]/.test(message);
  if (isCode || message.length > MAX_LENGTH || /(?<![\w.])@[\w-]/.test(message) || IS_TAKEN.test(message)) {
    return false;
  }
  const said = message.replace(/`([^`\n]*)`/g, (code) => 'x'.repeat(code.length));
  const sentences = said
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.replace(/^\s*(?:[-*•]|\[ \]|\d+[.)])\s*/, '').trim())
    .filter(Boolean);
  return sentences.length <= MAX_SENTENCES && sentences.some(asks);
}

function asks(sentence: string): boolean {
  const isTalk = ONLY_TALKED_OF.test(sentence) || OF_THE_WORLD.test(sentence);
  const words = wordsOnly(sentence).trim().split(/\s+/);
  return !isTalk && words.length >= MIN_WORDS && ASKS.some((pattern) => pattern.test(sentence));
}
