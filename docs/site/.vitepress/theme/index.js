// The site has the looks of VitePress with a front page and colours of its own.
import DefaultTheme from 'vitepress/theme-without-fonts'
import Layout from './Layout.vue'
import './style.css'

export default { extends: DefaultTheme, Layout }
