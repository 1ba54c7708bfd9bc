import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/search.css';
import './styles/table.css';
import './styles/states.css';
import './styles/floats.css';
import { render } from 'preact';
import { App } from './components/app.tsx';
import { start } from './state/page.ts';
import { showTitle } from './state/title.ts';
import { language } from './texts/texts.ts';

document.documentElement.lang = language;
const app = document.getElementById('app');
if (app !== null) render(<App />, app);
showTitle();
start();
