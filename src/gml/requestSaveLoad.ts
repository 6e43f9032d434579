import { boundWorld } from './binding.ts'

let nextRequest = 0

/**
 * Reports the end of some work by the save/load event of the world that is bound now.
 *
 * @param work resolves to what is to be done in the step, which gives whether all has succeeded
 * @returns the request's number
 */
export function requestSaveLoad(where: string, work: Promise<() => boolean>): number {
  const { finished } = boundWorld(where)
  const id = nextRequest++
  void work.then(
    (complete) => finished.push({ id, complete }),
    () => finished.push({ id, complete: () => false }),
  )
  return id
}
