/** Runs `work` while holding `folder` as a lock between processes; `onWait` hears when it must wait. */
export declare function withLock<T>(
  folder: string,
  work: () => Promise<T>,
  onWait?: (folder: string) => void,
): Promise<T>
