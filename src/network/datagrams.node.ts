// UDP, where the platform has it. package.json's "imports" chooses between this file and datagrams.browser.ts.
export { createDatagramSocket } from './createDatagramSocket.ts'
