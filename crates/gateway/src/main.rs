//! The gateway's process in the split deployment.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::run("gateway", gateway::ALL_DEFAULTS, |cx| async move {
        let listener = runtime::http::bind(&cx.server.listen)?;
        let admin_url = format!("http://{}", cx.server.admin_listen);
        let services = gateway::peers(&cx)?;
        let at = gateway::serve(&cx, listener, admin_url, services, domain::Clock::system()).await?;
        println!("listening on http://{at}");
        Ok(())
    })
}
