const MAX_TITLE = 80;

const PLEASANTRY =
  /^(?:thanks?|thank you|thx|ty|cheers|great|nice|good|well done|awesome|perfect|cool|ok(?:ay)?|yes|no|hi|hello|hey|welcome|lgtm|\p{Emoji_Presentation})\b/iu;

const withoutMentions = (text: string): string =>
  text
    .replace(/(?<![\w@/.-])@[\w-]+[,:]?/g, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .trim();

/** Whether a message that mentions an agent asks it for something, and so becomes a task; thanks and greetings do not. */
export function asksForWork(message: string): boolean {
  const request = withoutMentions(message);
  const words = request.split(/\s+/).filter(Boolean);
  return words.length >= 2 && !(PLEASANTRY.test(request) && words.length <= 6);
}

/** A line that names the work: the first one of the message, without the mention, cut at a word. */
export function titleOf(message: string): string {
  const line = withoutMentions(message).split('\n', 1)[0]?.trim() || 'Untitled task';
  const title = line.charAt(0).toUpperCase() + line.slice(1);
  if ([...title].length <= MAX_TITLE) {
    return title;
  }
  const cut = [...title].slice(0, MAX_TITLE - 1).join('');
  return `${cut.slice(0, cut.lastIndexOf(' ') > MAX_TITLE / 2 ? cut.lastIndexOf(' ') : undefined).trimEnd()}…`;
}
