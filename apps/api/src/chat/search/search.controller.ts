import { SearchMessages, SearchResults } from '@clawtank/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller } from '../../platform/http/caller.guard.js';
import { MessageSearch } from './message-search.js';

@ApiTags('chat')
@ApiBearerAuth()
@Controller('search')
export class SearchController {
  constructor(private readonly messages: MessageSearch) {}

  @Get()
  @Answers(SearchResults)
  search(
    @CurrentCaller() caller: Caller,
    @Query({ schema: SearchMessages }) query: SearchMessages,
  ): Promise<SearchResults> {
    return this.messages.search(caller, query);
  }
}
