/** Entry of the page "Is this document genuine?". Before: the station's `/desk/genuine`. After: `app.tsx`. */
import { createRoot } from 'react-dom/client';
import '../theme/theme.css';
import '../desk/desk.css';
import './genuine.css';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('genuine/index.html has no element "root"');
createRoot(root).render(<App />);
