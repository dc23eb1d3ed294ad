export const hooks = {
  /** What only this workspace needs stays out of the published manifest. */
  beforePacking(manifest) {
    const { devDependencies, scripts, ...published } = manifest;
    return published;
  },
};
