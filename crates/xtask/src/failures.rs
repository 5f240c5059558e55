//! What failed, said once more at the end: a run of many test binaries says it in the middle of thousands of lines.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long what is still on its way is waited for once the tests have ended.
const LAST_LINES: Duration = Duration::from_secs(2);

/// Passes on what tests print, and keeps what they say about failures.
pub struct Failures {
    kept: Arc<Mutex<Kept>>,
    reader: JoinHandle<()>,
}

#[derive(Default)]
struct Kept {
    lines: Vec<String>,
    within: bool,
}

impl Kept {
    /// libtest writes `failures:` before the first failure's output, and the binary's result behind the last.
    fn hear(&mut self, line: &str) {
        match line {
            "failures:" => self.within = true,
            line if line.starts_with("test result:") => self.within = false,
            _ => {}
        }
        if self.within {
            self.lines.push(line.to_owned());
        }
    }
}

impl Failures {
    /// Reads `output` to its end.
    pub fn of(output: impl Read + Send + 'static) -> Self {
        let kept = Arc::<Mutex<Kept>>::default();
        let hearing = kept.clone();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                hearing.lock().unwrap_or_else(PoisonError::into_inner).hear(&line);
            }
        });
        Self { kept, reader }
    }

    /// Says them; to be called when the tests have ended.
    pub fn say(self) {
        // Not to its end at any price: whoever was left behind may hold the pipe open.
        let deadline = Instant::now() + LAST_LINES;
        while !self.reader.is_finished() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.lines.is_empty() {
            eprintln!("\nWhat failed, once more:\n\n{}", kept.lines.join("\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn failures_are_kept_and_nothing_else() {
        let output = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nno\n\nfailures:\n    b\n\n\
                      test result: FAILED. 1 passed; 1 failed\n\nrunning 1 test\ntest c ... ok\n\ntest result: ok. 1 passed";
        let mut kept = Kept::default();
        output.lines().for_each(|line| kept.hear(line));
        assert_eq!(kept.lines.join("\n"), "failures:\n\n---- b stdout ----\nno\n\nfailures:\n    b\n");
    }
}
