// The texts of the page. Each language is a column; missing texts are shown in English.
const WORDS = {
  overview: { en: 'Overview', zh: '概览' },
  nodes: { en: 'Nodes', zh: '节点' },
  pods: { en: 'Pods', zh: '容器组' },
  controllers: { en: 'Controllers', zh: '控制器' },
  services: { en: 'Services', zh: '服务' },
  events: { en: 'Events', zh: '事件' },
  everything: { en: 'All kinds', zh: '所有类型' },
  allNamespaces: { en: 'All namespaces', zh: '所有命名空间' },
  filter: { en: 'Filter', zh: '筛选' },
  loading: { en: 'Loading', zh: '加载中' },
  nothing: { en: 'Nothing here', zh: '暂无内容' },
  of: { en: 'of', zh: '/' },
  lost: { en: 'Connection lost, trying again', zh: '连接中断，正在重试' },
  back: { en: 'Back', zh: '返回' },
  logs: { en: 'Logs', zh: '日志' },
  object: { en: 'Object', zh: '对象' },
  details: { en: 'Details', zh: '详情' },
  follow: { en: 'Follow', zh: '跟随' },
  container: { en: 'Container', zh: '容器' },
  token: { en: 'Token', zh: '令牌' },
  signIn: { en: 'Sign in', zh: '登录' },
  notSignedIn: { en: 'You are not signed in', zh: '您尚未登录' },
  howToSignIn: {
    en: 'Paste a bearer token (kubectl create token NAME), or open this page through kubectl proxy.',
    zh: '粘贴令牌（kubectl create token NAME），或通过 kubectl proxy 打开本页。',
  },
  running: { en: 'running', zh: '运行中' },
  recentEvents: { en: 'Recent events', zh: '最近事件' },
  reachable: { en: 'ready', zh: '就绪' },
} as const;

const language: 'en' | 'zh' = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
document.documentElement.lang = language;

export function word(name: keyof typeof WORDS): string {
  return WORDS[name][language];
}
