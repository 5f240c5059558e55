//! One thing that happened, drawn once in each dialect however many connections show it.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use contracts::realtime::FeedItem;
use domain::{Surface, TenantId};
use tokio::sync::OnceCell;

type Drawing = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// A feed item and its drawings.
pub struct Happened {
    /// Where.
    pub tenant: TenantId,
    /// What happened.
    pub item: FeedItem,
    drawings: Mutex<Vec<(Surface, Drawing)>>,
}

impl Happened {
    /// Not drawn yet.
    pub fn new(tenant: TenantId, item: FeedItem) -> Self {
        Self { tenant, item, drawings: Mutex::default() }
    }

    /// How `surface` shows it; drawn by `draw` the first time. A drawing that fails is tried anew by whoever asks next.
    ///
    /// # Errors
    /// Those of `draw`.
    pub async fn drawn<T, E, F>(&self, surface: Surface, draw: F) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
        F: AsyncFnOnce() -> Result<T, E>,
    {
        let cell = self.cell(surface);
        let drawing = cell
            .get_or_try_init(|| async {
                let drawing: Arc<dyn Any + Send + Sync> = Arc::new(draw().await?);
                Ok(drawing)
            })
            .await?;
        match drawing.clone().downcast::<T>() {
            Ok(drawing) => Ok(drawing),
            Err(_) => unreachable!("a surface draws one type"),
        }
    }

    fn cell(&self, surface: Surface) -> Drawing {
        let mut drawings = self.drawings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cell)) = drawings.iter().find(|(of, _)| *of == surface) {
            return cell.clone();
        }
        let cell = Drawing::default();
        drawings.push((surface, cell.clone()));
        cell
    }
}

impl std::fmt::Debug for Happened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Happened").field(&self.item).finish()
    }
}
