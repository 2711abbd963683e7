import { problemWords } from "../../shared/problemWords";
import { useLanguage, useWords } from "../../shared/words";
import { Button } from "../parts/Button";
import { useSession } from "../session/HelpGate";
import { bytesMax } from "./uploading";
import { FILE_GONE, type Files, type Picked } from "./useFiles";
import { words } from "./words";

const MEBIBYTE = 1 << 20;
const TAKEN = "image/*,video/mp4,video/quicktime,application/pdf";

/** The button to choose files with. */
export function FilePicker({ files }: { files: Files }) {
  const said = useWords(words);
  return (
    <label className="button picker">
      <span aria-hidden="true">＋</span>
      <input
        className="unseen"
        type="file"
        multiple
        accept={TAKEN}
        aria-label={said.add}
        onChange={(event) => {
          files.add(event.target.files ?? []);
          event.target.value = "";
        }}
      />
    </label>
  );
}

/** What was chosen: how far each is, or why not. */
export function PickedFiles({ files }: { files: Files }) {
  const said = useWords(words);
  const { uploads } = useSession();
  if (files.picked.length === 0) return null;
  return (
    <>
      <ul className="plain picked" aria-label={said.files}>
        {files.picked.map((one) => (
          <li key={one.key}>
            <PickedFile one={one} files={files} />
          </li>
        ))}
      </ul>
      {files.leftOut > 0 && (
        <p className="problem" role="alert">
          {said.leftOut(files.leftOut, uploads.per_message)}
        </p>
      )}
    </>
  );
}

function PickedFile({ one, files }: { one: Picked; files: Files }) {
  const said = useWords(words);
  return (
    <>
      {one.problem ? (
        <Refused one={one} />
      ) : (
        <span>
          {one.name}
          {one.id === undefined && (
            <progress
              max={1}
              value={one.share}
              aria-label={said.share(one.name, Math.round(one.share * 100))}
            />
          )}
        </span>
      )}
      {(one.problem?.passes || one.problem?.lacksSession) && one.file && (
        <Button kind="quiet" onClick={() => files.retry(one.key)}>
          {said.retry}
        </Button>
      )}
      <Button kind="quiet" aria-label={said.remove(one.name)} onClick={() => files.remove(one.key)}>
        ×
      </Button>
    </>
  );
}

function Refused({ one }: { one: Picked }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { uploads } = useSession();
  const { problem, file } = one;
  if (!problem) return null;
  const most = file ? `${Math.floor(bytesMax(file, uploads) / MEBIBYTE)} MB` : "";
  return (
    <span className="problem" role="alert">
      {problem.code === "attachment_too_large"
        ? said.tooLarge(one.name, most)
        : problem.code === FILE_GONE
          ? said.chooseAgain(one.name)
          : said.notTaken(one.name, problemWords(problem, language))}
    </span>
  );
}
