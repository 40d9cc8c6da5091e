import { Component, forwardRef, input } from '@angular/core';
import { CodeBlock } from './code-block';
import { SpeechInlines } from './speech-inlines';
import type { Block } from './speech-tree';

/** Paragraphs, lists, quotes, tables and code, one below the other. */
@Component({
  selector: 'ct-flow',
  imports: [CodeBlock, forwardRef(() => SpeechFlow), SpeechInlines],
  template: `
    @for (block of blocks(); track $index) {
      @switch (block.kind) {
        @case ('paragraph') {
          <p><ct-inlines [parts]="block.children" /></p>
        }
        @case ('heading') {
          <p class="heading"><ct-inlines [parts]="block.children" /></p>
        }
        @case ('quote') {
          <blockquote><ct-flow [blocks]="block.children" /></blockquote>
        }
        @case ('code') {
          <ct-code-block [text]="block.text" [language]="block.language" />
        }
        @case ('rule') {
          <hr />
        }
        @case ('table') {
          <div class="table" tabindex="0" role="region" aria-label="Table">
            <table>
              <thead>
                <tr>
                  @for (cell of block.head; track $index) {
                    <th [class]="block.align[$index]"><ct-inlines [parts]="cell" /></th>
                  }
                </tr>
              </thead>
              <tbody>
                @for (row of block.rows; track $index) {
                  <tr>
                    @for (cell of row; track $index) {
                      <td [class]="block.align[$index]"><ct-inlines [parts]="cell" /></td>
                    }
                  </tr>
                }
              </tbody>
            </table>
          </div>
        }
        @case ('list') {
          @if (block.start === null) {
            <ul>
              @for (item of block.items; track $index) {
                <li [class.task]="item.checked !== null">
                  @if (item.checked !== null) {
                    <input
                      type="checkbox"
                      disabled
                      [checked]="item.checked"
                      [attr.aria-label]="item.checked ? 'Done' : 'Not done'"
                    />
                  }
                  <ct-flow [blocks]="item.children" />
                </li>
              }
            </ul>
          } @else {
            <ol [attr.start]="block.start">
              @for (item of block.items; track $index) {
                <li><ct-flow [blocks]="item.children" /></li>
              }
            </ol>
          }
        }
      }
    }
  `,
  styleUrl: './speech-flow.css',
})
export class SpeechFlow {
  readonly blocks = input.required<readonly Block[]>();
}
