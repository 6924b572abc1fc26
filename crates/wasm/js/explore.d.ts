
/** Looks for a short run that breaks a property or comes to a condition: in a worker on a page, in slices elsewhere. */
export function explore(
  request: ExploreRequest,
  how?: { signal?: AbortSignal; onProgress?: (progress: ExploreProgress) => void },
): Promise<ExploreResult>;
