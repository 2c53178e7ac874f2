import type { Plugin } from 'esbuild';

export declare const factsText: Plugin;
