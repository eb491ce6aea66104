import { TapedeckError } from '@tapedeck/contracts'

/** Something that is opened once, used by many and closed once, in whatever order the calls come. */
export interface Resource<T> {
  /** Opens at the first call; callers at the same time share one opening. After a failure the next call tries again. */
  use(): Promise<T>
  /** Closes what is open or still opening; closes once. Later `use` is refused with `NOT_READY`. */
  close(): Promise<void>
}

export interface ResourceOptions<T> {
  readonly name: string
  readonly open: () => Promise<T>
  readonly close: (value: T) => Promise<void>
}

/** Wraps a connection, pool or server so that start, use and stop cannot race. */
export const createResource = <T>({ name, open, close }: ResourceOptions<T>): Resource<T> => {
  let opening: Promise<T> | null = null
  let closing: Promise<void> | null = null

  const closeOpened = async (opened: Promise<T> | null): Promise<void> => {
    if (opened === null) return
    let value: T
    try {
      value = await opened
    } catch {
      // It never opened, so there is nothing to close.
      return
    }
    await close(value)
  }

  return {
    use: () => {
      if (closing !== null)
        return Promise.reject(new TapedeckError('NOT_READY', `${name} is closed`))
      if (opening === null) {
        const attempt = open()
        opening = attempt
        attempt.catch(() => {
          if (opening === attempt) opening = null
        })
      }
      return opening
    },
    close: () => {
      closing ??= closeOpened(opening)
      return closing
    },
  }
}
