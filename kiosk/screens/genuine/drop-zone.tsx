import { useEffect, useId, useState } from 'react';
import { genuine as words } from '../messages/genuine-en.ts';
import { Icon } from '../theme/icon.tsx';

/**
 * Takes one file, by button or dropped anywhere on the page: one that misses the frame must not be opened by the browser instead. `busy`: one
 * is being checked, and no other is taken.
 */
export function DropZone({ small, busy, onFile }: { small: boolean; busy: boolean; onFile: (file: File) => void }): React.JSX.Element {
  const [over, setOver] = useState(false);
  const input = useId();
  useEffect(() => {
    const show = (event: DragEvent): void => {
      event.preventDefault();
      setOver(event.type === 'dragover' && !busy);
    };
    const take = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) onFile(file);
    };
    document.addEventListener('dragover', show);
    document.addEventListener('dragleave', show);
    document.addEventListener('drop', take);
    return () => {
      document.removeEventListener('dragover', show);
      document.removeEventListener('dragleave', show);
      document.removeEventListener('drop', take);
    };
  }, [onFile, busy]);
  return (
    <div className={`drop-zone${small ? ' small' : ''}${over ? ' over' : ''}`} aria-busy={busy}>
      <label className={small ? 'button' : 'button primary'} htmlFor={input}><Icon name="file" />{small ? words.again : words.choose}</label>
      <input
        id={input} type="file" accept=".pdf,.asice,.p7m,application/pdf,application/vnd.etsi.asic-e+zip" className="visually-hidden"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // the same file may be chosen once more
          event.target.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
      <p>{over ? words.dropNow : words.drop}</p>
    </div>
  );
}
