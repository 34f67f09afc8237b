//! See the library of this package: here are only the allocator and the runtime.

use std::process::ExitCode;

/// Rendering allocates much and briefly: measured +30% pages a second over the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match server::cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("wellposed: the threads could not be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(server::cli::run(cli))
}
