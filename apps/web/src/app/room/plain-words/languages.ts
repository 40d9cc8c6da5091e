import type { Chrono } from 'chrono-node';

/** A language in which people write when something has to be done. */
export interface Language {
  readonly load: () => Promise<Chrono>;
  /** What stands before a deadline, right before it. */
  readonly due: RegExp;
  /** What stands before a time that is none. */
  readonly notDue: RegExp;
}

const words = (list: string): RegExp => new RegExp(String.raw`(?<![\p{L}\d])(?:${list})\s+$`, 'iu');

const language = (load: Language['load'], due: string, notDue: string): Language => ({
  load,
  due: words(due),
  notDue: words(notDue),
});

const ENGLISH = {
  due: words(
    String.raw`(?:by|until|till|before|no(?:t)? later than|due(?: on| by| at| for)?:?|deadline(?: is| of)?:?|latest|ready for|eta:?)(?: (?:the|early|late|end of|the end of|close of business|cob|eod|noon))*`,
  ),
  notDue: words(
    String.raw`since|after|from|starting|every|each|last|past|previous|between|as of|for|expires?|retry|retries|times? out|refreshe[sd]|older than|more than|less than|at least`,
  ),
};

/** By the first part of a language's tag; English is read as it is written in America unless the tag says otherwise. */
const LANGUAGES: Readonly<Record<string, Language>> = {
  de: language(
    async () => (await import('chrono-node/de')).casual,
    'bis(?: spätestens| zum| zur| nächsten| kommenden| diesen)?|spätestens(?: am)?|vor(?: dem)?|fällig(?: am)?',
    'seit(?: dem)?|ab|nach|von|vom|letzte[nrms]?|jede[nrms]?|vergangene[nrms]?',
  ),
  fr: language(
    async () => (await import('chrono-node/fr')).casual,
    "avant(?: le)?|d[’']ici(?: à| au)?|pour(?: le)?|jusqu[’'](?:à|au)|au plus tard(?: le)?",
    'depuis(?: le)?|après|dès|chaque|à partir (?:de|du)',
  ),
  es: language(
    async () => (await import('chrono-node/es')).casual,
    'antes de(?:l)?|para(?: el)?|hasta(?: el)?|a más tardar(?: el)?',
    'desde(?: el)?|después de(?:l)?|cada|a partir de(?:l)?',
  ),
  it: language(
    async () => (await import('chrono-node/it')).casual,
    'entro(?: il)?|prima di|per(?: il)?|fino a',
    'da|dal|dopo|ogni|a partire da(?:l)?',
  ),
  nl: language(
    async () => (await import('chrono-node/nl')).casual,
    'voor|tegen|uiterlijk(?: op)?|tot',
    'sinds|vanaf|na|elke|iedere|afgelopen',
  ),
  pt: language(
    async () => (await import('chrono-node/pt')).casual,
    'até(?: a| o| à| ao)?|antes de|para(?: a| o)?',
    'desde(?: a| o)?|depois de|após|cada|a partir de',
  ),
};

/** The languages of a reader, their own before English. */
export function languagesOf(tag: string): Language[] {
  const own = LANGUAGES[tag.toLowerCase().split('-', 1)[0] ?? ''];
  const isAmerican = /^en(?:-us)?$/i.test(tag);
  return [
    ...(own ? [own] : []),
    {
      ...ENGLISH,
      load: async () => {
        const [{ Chrono, configuration }, { withEnds }] = await Promise.all([
          import('chrono-node/en'),
          import('./ends-in-english'),
        ]);
        return withEnds(new Chrono(configuration.createCasualConfiguration(!isAmerican)));
      },
    },
  ];
}
