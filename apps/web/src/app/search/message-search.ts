import { HttpClient } from '@angular/common/http';
import { Service, inject, signal } from '@angular/core';
import type { SearchHit, SearchResults } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { type ApiProblem, toApiProblem } from '../core/problem/api-problem';

export type SearchState = 'nothing-asked' | 'asking' | 'answered' | ApiProblem;

/** One search and as many of its results as were asked for. Provided by its page. */
@Service({ autoProvided: false })
export class MessageSearch {
  private readonly http = inject(HttpClient);
  private readonly found = signal<readonly SearchHit[]>([]);
  private readonly cursor = signal<string | null>(null);
  private readonly now = signal<SearchState>('nothing-asked');
  private readonly more = signal(false);
  private query = '';

  readonly hits = this.found.asReadonly();
  readonly state = this.now.asReadonly();
  readonly next = this.cursor.asReadonly();
  readonly isAskingMore = this.more.asReadonly();

  async ask(query: string): Promise<void> {
    this.query = query;
    this.found.set([]);
    this.cursor.set(null);
    if (query.trim() === '') {
      this.now.set('nothing-asked');
      return;
    }
    this.now.set('asking');
    try {
      const { hits, nextCursor } = await this.page(query, null);
      if (query === this.query) {
        this.found.set(hits);
        this.cursor.set(nextCursor);
        this.now.set('answered');
      }
    } catch (thrown) {
      if (query === this.query) {
        this.now.set(toApiProblem(thrown));
      }
    }
  }

  /** Asks for what follows. Throws an ApiProblem; what is shown stays. */
  async askMore(): Promise<void> {
    const { query } = this;
    this.more.set(true);
    try {
      const { hits, nextCursor } = await this.page(query, this.cursor());
      if (query === this.query) {
        this.found.update((found) => [...found, ...hits]);
        this.cursor.set(nextCursor);
      }
    } finally {
      this.more.set(false);
    }
  }

  private page(q: string, cursor: string | null): Promise<SearchResults> {
    return firstValueFrom(this.http.get<SearchResults>('/api/search', { params: { q, ...(cursor && { cursor }) } }));
  }
}
