import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/**
 * CommonMark and GitHub's additions as far as they help in a conversation. Markup of other kinds is text; so are indented
 * code, underlined headings and footnotes, which nobody means when they indent a line or type three dashes.
 */
const UNUSED = [
  'htmlFlow',
  'htmlText',
  'codeIndented',
  'setextUnderline',
  'definition',
  'gfmFootnoteCall',
  'gfmFootnoteDefinition',
  'gfmPotentialFootnoteCall',
  'characterReference',
];

const EXTENSIONS = [gfm({ singleTilde: false }), { disable: { null: UNUSED } }];

/**
 * Stands for `&` while the text is parsed: the parser would decode references by making HTML of them, which the page's
 * security policy forbids, and in a conversation `&amp;` means the five characters that were typed. Unicode promises that
 * this one is no character.
 */
const AMPERSAND = '\uFDD0';

export const parse = (text: string): Root =>
  fromMarkdown(text.replaceAll('&', AMPERSAND), {
    extensions: EXTENSIONS,
    mdastExtensions: [gfmFromMarkdown()],
  });

export const restored = (text: string): string => text.replaceAll(AMPERSAND, '&');
