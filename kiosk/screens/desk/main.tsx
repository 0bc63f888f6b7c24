/** Entry of the desk page. Before: the station's `/desk`. After: `app.tsx`. */
import { createRoot } from 'react-dom/client';
import '../theme/theme.css';
import './desk.css';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('desk/index.html has no element "root"');
createRoot(root).render(<App />);
