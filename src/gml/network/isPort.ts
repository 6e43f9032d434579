/** Whether a number can be a port; 0 stands for one that is chosen. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535
}
