import { AutoMergeListener } from './auto-merge.listener.js';
import { AutoMerges } from './auto-merge.service.js';
import { MergeAuthorship } from './merge-authorship.js';
import { MergingHosts } from './merging-hosts.js';

export const AUTO_MERGE_PROVIDERS = [AutoMerges, AutoMergeListener, MergeAuthorship, MergingHosts];
