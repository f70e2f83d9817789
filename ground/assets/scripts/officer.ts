// Officers' pages: keys, choosing rows, lists that refresh themselves.
import { startKeys } from "./keys";
import { startLive } from "./live";
import { startPage } from "./page";
import { startRefresh } from "./refresh";
import { startRows } from "./rows";

startPage();
startKeys();
startRows();
startRefresh();
startLive();
