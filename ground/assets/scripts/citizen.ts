// Citizens' pages: everything here only makes quicker what works without it.
import { startPage } from "./page";
import { startRefresh } from "./refresh";

startPage();
startRefresh();
