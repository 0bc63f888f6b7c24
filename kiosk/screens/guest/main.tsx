/** Entry of the guest page. Before: the station's `/guest`. After: `app.tsx`. */
import { createRoot } from 'react-dom/client';
import '../theme/theme.css';
import './guest.css';
import './signing.css';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('guest/index.html has no element "root"');
createRoot(root).render(<App />);
