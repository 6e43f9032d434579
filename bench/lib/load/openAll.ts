/** Opens so many clients, some of them side by side; resolves when all are open. `open` calls back for its own. */
export async function openAll(
  count: number,
  open: (client: number, onOpen: () => void) => void,
): Promise<void> {
  const atATime = 16
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const client = next++
      await new Promise<void>((resolve) => open(client, resolve))
    }
  }
  await Promise.all(Array.from({ length: Math.min(atATime, count) }, lane))
}
