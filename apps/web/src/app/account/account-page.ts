import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideCheck, LucideGitPullRequest, LucideSparkles } from '../shared/icon/icons';
import { Avatar } from '../shared/avatar/avatar';
import { Badge } from '../shared/badge';
import { Mark } from '../shared/mark/mark';

/** The page around the forms for getting in: the form, and beside it what one gets into. */
@Component({
  selector: 'ct-account-page',
  imports: [Avatar, Badge, LucideCheck, LucideGitPullRequest, LucideSparkles, Mark, RouterLink],
  templateUrl: './account-page.html',
  styleUrl: './account-page.css',
})
export class AccountPage {
  readonly heading = input.required<string>();
}
