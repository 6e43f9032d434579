// Node has UDP. package.json's "imports" chooses between this file and createDatagramSocket.browser.ts.
export { bindDatagramSocket as createDatagramSocket } from './bindDatagramSocket.ts'
