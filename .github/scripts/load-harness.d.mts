export declare function loadHarness<Module>(folder: string, files: readonly string[]): Promise<Module>;
