//! One PostgreSQL cluster per checkout, started from Debian's binaries, shared by all test processes through a lock file.
//!
//! It listens on a Unix socket only, trusts whoever reaches it, and does not wait for the disk unless asked: it lives in memory
//! and is thrown away by `make test`, or by its own guard after five minutes without a test.
use std::{
    fs::{self, File},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tokio_postgres::NoTls;

/// One database in a cluster, dropped with the value.
#[derive(Debug)]
pub struct Database {
    name: String,
    socket: PathBuf,
}

impl Database {
    /// Makes an empty database, or a copy of a template, in the shared cluster.
    pub async fn create(template: Option<&str>) -> Database {
        let socket = shared_cluster().await;
        Self::create_in(&socket, template).await
    }

    /// The same in a cluster of one's own.
    pub async fn create_in(socket: &Path, template: Option<&str>) -> Database {
        let mut id = [0u8; 8];
        fill(&mut id);
        let name = format!("t_{}", id.iter().map(|b| format!("{b:02x}")).collect::<String>());
        let from = template.unwrap_or("template0");
        admin(socket, &format!("CREATE DATABASE {name} TEMPLATE {from} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")).await;
        Database { name, socket: socket.to_path_buf() }
    }

    /// Its address.
    pub fn url(&self) -> String {
        url(&self.socket, &self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (socket, name) = (self.socket.clone(), self.name.clone());
        // Dropped inside a runtime as often as not: wait for it on a thread of its own.
        let _ = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                if let Ok((client, connection)) = tokio_postgres::connect(&url(&socket, "postgres"), NoTls).await {
                    tokio::spawn(connection);
                    let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
                }
            });
        })
        .join();
    }
}

/// A database to copy from, made once per cluster.
pub(crate) async fn template(key: &str, make: impl AsyncFnOnce(Database) -> Database) -> String {
    let socket = shared_cluster().await;
    let name = format!("template_{key}");
    let _lock = lock(&home().join(format!("{name}.lock")));
    let known = home().join(format!("{name}.made"));
    if !known.exists() {
        let database = make(Database::create_in(&socket, None).await).await;
        // A closed pool may need a moment; a template must have no other user.
        admin(&socket, &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", database.name))
            .await;
        admin(&socket, &format!("ALTER DATABASE {} RENAME TO {name}", database.name)).await;
        std::mem::forget(database);
        fs::write(known, "").unwrap();
    }
    name
}

/// A cluster of one's own: for tests that kill it.
pub struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    /// Folder of the socket.
    pub socket: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

impl Cluster {
    /// Makes and starts one. `durable`: waits for the disk, as in real use.
    pub fn start(durable: bool) -> Cluster {
        let parent = if durable { std::env::temp_dir() } else { crate::memory_folder() };
        let folder = tempfile::Builder::new().prefix("motcua-pg-").tempdir_in(parent).unwrap();
        let mut cluster = Self::at(folder.path(), durable);
        cluster._folder = Some(folder);
        cluster
    }

    fn at(folder: &Path, durable: bool) -> Cluster {
        let bin = binaries();
        let data = folder.join("data");
        fs::create_dir_all(&data).unwrap();
        give_away(folder);
        give_away(&data);
        let cluster = Cluster { bin, data: data.clone(), socket: folder.to_path_buf(), _folder: None };
        cluster.tool(
            "initdb",
            &["-D", text(&cluster.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        );
        let more = if durable {
            "max_connections = 100\nshared_buffers = 256MB\nmax_wal_size = 2GB\n"
        } else {
            "max_connections = 300\nshared_buffers = 64MB\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
        };
        let mut conf = fs::read_to_string(data.join("postgresql.conf")).unwrap();
        conf += &format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nautovacuum = {}\n{more}",
            text(folder),
            if durable { "on" } else { "off" }
        );
        fs::write(data.join("postgresql.conf"), conf).unwrap();
        cluster.up();
        cluster
    }

    /// Starts it again after a crash, and waits until it answers.
    pub fn up(&self) {
        self.tool("pg_ctl", &["-D", text(&self.data), "-w", "-t", "60", "-s", "-l", text(&self.data.join("log")), "start"]);
    }

    /// Stops it. `immediate` is what a power cut looks like to the data.
    pub fn down(&self, immediate: bool) {
        let mode = if immediate { "immediate" } else { "fast" };
        self.tool("pg_ctl", &["-D", text(&self.data), "-w", "-s", "-m", mode, "stop"]);
    }

    /// `kill -9` of the whole database: every process of it at once, as when the machine loses its power.
    pub fn kill(&self) {
        if let Some(pid) = self.pid() {
            // Held first: it would answer the death of its children with new ones.
            let _ = Command::new("kill").args(["-STOP", &pid.to_string()]).status();
            let _ = Command::new("pkill").args(["-9", "-P", &pid.to_string()]).status();
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
            for _ in 0..1500 {
                if !Path::new(&format!("/proc/{pid}")).exists() {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        // The next start would take it for a running one.
        let _ = fs::remove_file(self.data.join("postmaster.pid"));
        let _ = fs::remove_file(self.socket.join(".s.PGSQL.5432.lock"));
    }

    /// The process everything else hangs on, for a test that kills it.
    pub fn pid(&self) -> Option<u32> {
        fs::read_to_string(self.data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
    }

    /// Address of a database in it.
    pub fn url(&self, database: &str) -> String {
        url(&self.socket, database)
    }

    /// Runs a statement as its administrator.
    pub async fn admin(&self, sql: &str) {
        admin(&self.socket, sql).await;
    }

    fn tool(&self, name: &str, args: &[&str]) {
        let mut command = Command::new(self.bin.join(name));
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).current_dir("/");
        as_plain_user(&mut command);
        let done = command.output().unwrap_or_else(|e| panic!("{name}: {e}"));
        let log = || fs::read_to_string(self.data.join("log")).unwrap_or_default();
        let end = |text: String| text.lines().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
        assert!(done.status.success(), "{name}: {}\n{}", String::from_utf8_lossy(&done.stderr), end(log()));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self._folder.is_some() && self.pid().is_some() {
            let mut stop = Command::new(self.bin.join("pg_ctl"));
            stop.args(["-D", text(&self.data), "-w", "-s", "-m", "immediate", "stop"]).stderr(Stdio::null());
            as_plain_user(&mut stop);
            let _ = stop.status();
        }
    }
}

/// Where the shared cluster of this checkout lives.
pub fn home() -> PathBuf {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in text(&crate::root()).bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    // Short: a socket's path may have 107 characters.
    crate::memory_folder().join(format!("motcua-pg-{}-{:08x}", my_uid(), hash as u32))
}

/// Starts the shared cluster unless it runs; returns the folder of its socket.
async fn shared_cluster() -> PathBuf {
    let home = home();
    // Beside the folder, not in it: the guard takes the same lock before it removes the folder.
    let _lock = lock(&gate(&home));
    fs::create_dir_all(&home).unwrap();
    fs::write(home.join("used"), "").unwrap();
    let ready = home.join("ready");
    if ready.exists() && tokio_postgres::connect(&url(&home, "postgres"), NoTls).await.is_ok() {
        return home;
    }
    for stale in fs::read_dir(&home).unwrap().flatten() {
        if stale.path().extension().is_some_and(|e| e == "made") {
            fs::remove_file(stale.path()).unwrap();
        }
    }
    let _ = fs::remove_dir_all(home.join("data"));
    Cluster::at(&home, false);
    fs::write(&ready, "").unwrap();
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| crate::root().join("target"), PathBuf::from);
    // Tells scripts/stop-test-servers what to end.
    let _ = fs::write(target.join("test-postgres"), text(&home));
    guard(&home);
    home
}

/// The lock of the shared cluster: whoever starts it or ends it holds it.
fn gate(home: &Path) -> PathBuf {
    home.with_extension("lock")
}

/// Stops the cluster and removes its folder when no test has touched it for five minutes.
// It outlives this process on purpose: the next test uses the same cluster.
#[allow(clippy::zombie_processes)]
fn guard(home: &Path) {
    let script = format!(
        "cd / && while sleep 20; do
           [ -e '{home}/used' ] || exit 0
           [ -n \"$(find '{home}/used' -mmin -5)\" ] && continue
           flock '{gate}' sh -c '
             [ -n \"$(find \"{home}/used\" -mmin -5)\" ] && exit 1
             kill -QUIT \"$(head -n 1 \"{home}/data/postmaster.pid\")\" && sleep 1
             rm -rf \"{home}\"' && exit 0
         done",
        home = text(home),
        gate = text(&gate(home))
    );
    Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
}

/// Holds a lock file until dropped.
pub(crate) fn lock(path: &Path) -> File {
    let file = File::create(path).unwrap();
    file.lock().unwrap();
    file
}

async fn admin(socket: &Path, sql: &str) {
    let (client, connection) =
        tokio_postgres::connect(&url(socket, "postgres"), NoTls).await.unwrap_or_else(|e| panic!("{}: {e}", text(socket)));
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
}

fn url(socket: &Path, database: &str) -> String {
    format!("postgresql://postgres@{}/{database}", text(socket).replace('/', "%2F"))
}

/// The newest installed server.
fn binaries() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|d| Some((d.file_name().to_str()?.parse().ok()?, d.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).expect("no PostgreSQL server under /usr/lib/postgresql: `make tools` installs it")
}

/// PostgreSQL refuses to run as root: then it runs as the user that Debian made for it.
fn as_plain_user(command: &mut Command) {
    if let Some((uid, gid)) = plain_user() {
        command.uid(uid).gid(gid);
    }
}

fn give_away(folder: &Path) {
    if let Some((uid, gid)) = plain_user() {
        std::os::unix::fs::chown(folder, Some(uid), Some(gid)).unwrap();
    }
}

fn plain_user() -> Option<(u32, u32)> {
    if my_uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| {
        let line = users.lines().find(|l| l.split(':').next() == Some(name))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    Some(find("postgres").or_else(|| find("nobody")).expect("no user to run PostgreSQL as"))
}

fn my_uid() -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid()
}

/// Chance for names; tests need it to differ, not to be secret.
fn fill(out: &mut [u8]) {
    use std::io::Read;
    File::open("/dev/urandom").unwrap().read_exact(out).unwrap();
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
